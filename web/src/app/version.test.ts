// SPDX-License-Identifier: AGPL-3.0-or-later
import { afterEach, beforeEach, expect, it, vi } from "vitest";

/** A worker as the browser shows it to the page. */
class Worker extends EventTarget {
  readonly postMessage = vi.fn<(message: string) => void>();
}

class Registration extends EventTarget {
  waiting: Worker | null = null;
  installing: Worker | null = null;
  readonly update = async (): Promise<void> => undefined;

  /** A newer worker is there; what waited before is thrown away, as browsers do. */
  found(): Worker {
    const worker = new Worker();
    this.installing = worker;
    this.dispatchEvent(new Event("updatefound"));
    this.waiting = worker;
    this.installing = null;
    worker.dispatchEvent(new Event("statechange"));
    return worker;
  }
}

class Container extends EventTarget {
  readonly registration = new Registration();
  controller: object | null = {};
  readonly register = async (): Promise<Registration> => this.registration;

  taken(): void {
    this.registration.waiting = null;
    this.dispatchEvent(new Event("controllerchange"));
  }
}

let browser: Container;
const reload = vi.fn<() => void>();

beforeEach(() => {
  vi.resetModules();
  vi.stubEnv("DEV", false);
  vi.useFakeTimers();
  browser = new Container();
  vi.stubGlobal("navigator", { serviceWorker: browser });
  vi.spyOn(location, "reload").mockImplementation(reload.mockReset());
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});

/** The app is kept; gives what "Reload" does now, null while nothing is offered. */
async function kept(): Promise<() => (() => void) | null> {
  const { keepApp, useNewVersion } = await import("@/app/version");
  await keepApp();
  return () => useNewVersion.getState().take;
}

it("offers a newer version and takes it over when told to, not before", async () => {
  const take = await kept();
  expect(take()).toBeNull();
  const newer = browser.registration.found();
  expect(newer.postMessage).not.toHaveBeenCalled();
  take()?.();
  expect(newer.postMessage.mock.calls).toEqual([["take over"]]);
  expect(reload).not.toHaveBeenCalled();
  browser.taken();
  expect(reload).toHaveBeenCalledOnce();
});

it("takes over a still newer one that came after the offer", async () => {
  const take = await kept();
  const newer = browser.registration.found();
  const pressed = take();
  const newest = browser.registration.found();
  pressed?.();
  expect(newer.postMessage).not.toHaveBeenCalled();
  expect(newest.postMessage.mock.calls).toEqual([["take over"]]);
  browser.taken();
  expect(reload).toHaveBeenCalledOnce();
});

it("only reloads when another tab has taken it over, and goes on until told to", async () => {
  const take = await kept();
  const newer = browser.registration.found();
  browser.taken();
  expect(reload).not.toHaveBeenCalled();
  take()?.();
  expect(newer.postMessage).not.toHaveBeenCalled();
  expect(reload).toHaveBeenCalledOnce();
});

it("does not call the first worker of a browser a newer version", async () => {
  browser.controller = null;
  const take = await kept();
  browser.registration.found();
  browser.taken();
  expect(take()).toBeNull();
});
