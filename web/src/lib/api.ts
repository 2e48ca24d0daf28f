// SPDX-License-Identifier: AGPL-3.0-or-later
// How the API is called: one function, one shape of errors, the CSRF token, case conversion.
import { ApiError, type FieldProblem } from "@/lib/api-error";
import { begun } from "@/lib/begun";
import { fromWire, toWire } from "@/lib/case";
import { strings } from "@/lib/strings";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export type Query = Record<string, string | number | undefined>;

interface Options {
  body?: Record<string, unknown>;
  query?: Query;
  signal?: AbortSignal;
  /** Goes out even while the page is being left. */
  keepalive?: boolean;
}

interface WireError {
  error?: {
    code?: string;
    message?: string;
    details?: { retry_after_ms?: number; fields?: FieldProblem[] };
  };
}

let csrfToken: string | null = null;
let ended = false;
let renew: (() => Promise<string | null>) | null = null;

/** Remember the token of a session; null forgets it. */
export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

/**
 * Ask for nothing more but who one is, or for all again: while somebody signs out and leaves the
 * page, each question would come as nobody's and be refused. Whoever asks meanwhile hears nothing.
 */
export function endCalls(end: boolean): void {
  ended = end;
}

/** How a fresh CSRF token is got when the old one is refused. */
export function onStaleToken(get: () => Promise<string | null>): void {
  renew = get;
}

/** Call the API. `T` is the app's (camelCase) type of the answer. */
export async function call<T = void>(
  method: Method,
  path: string,
  options: Options = {},
): Promise<T> {
  if (ended && !path.startsWith("/api/auth/")) return new Promise<T>(() => undefined);
  // A page that began without the server has no token yet: asking is better than being refused.
  if (method !== "GET" && !csrfToken && renew) csrfToken = await renew();
  try {
    return await once<T>(method, path, options);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "csrf" || renew === null) throw error;
    // Another tab signed in anew: its token is ours too.
    csrfToken = await renew();
    return await once<T>(method, path, options);
  }
}

interface Uploading {
  signal: AbortSignal;
  /** How much is there, 0 to 1. */
  progress: (part: number) => void;
}

/** Send a file as the form field `file`. */
export function upload<T>(path: string, file: File, uploading: Uploading): Promise<T> {
  const form = new FormData();
  form.append("file", file, file.name);
  return sent<T>("POST", path, form, uploading);
}

/** Put a file somewhere, as it is. */
export const put = <T>(path: string, file: File, uploading: Uploading): Promise<T> => sent<T>("PUT", path, file, uploading);

// `fetch` cannot say how far it is, so this is XHR.
function sent<T>(method: Method, path: string, body: FormData | File, { signal, progress }: Uploading): Promise<T> {
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    request.upload.addEventListener("progress", ({ loaded, total }) => total && progress(loaded / total));
    request.addEventListener("error", () => reject(ApiError.offline()));
    request.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
    request.addEventListener("load", () => {
      const { status, responseText } = request;
      if (status < 300) resolve(fromWire(JSON.parse(responseText)) as T);
      else void refusal(new Response(responseText, { status })).then(reject);
    });
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.open(method, path);
    if (csrfToken) request.setRequestHeader("X-CSRF-Token", csrfToken);
    request.setRequestHeader("Accept", "application/json");
    request.send(body);
  });
}

async function once<T>(method: Method, path: string, options: Options): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (options.body) headers["Content-Type"] = "application/json";
  if (method !== "GET" && csrfToken) headers["X-CSRF-Token"] = csrfToken;
  const target = address(path, options.query);
  let response: Response;
  try {
    const ahead = method === "GET" ? begun(target) : undefined;
    response = await (ahead ??
      fetch(target, {
        method,
        headers,
        credentials: "same-origin",
        body: options.body ? JSON.stringify(toWire(options.body)) : undefined,
        signal: options.signal,
        keepalive: options.keepalive,
      }));
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw ApiError.offline();
  }
  if (!response.ok) throw await refusal(response);
  if (response.status === 204) return undefined as T;
  return fromWire(await response.json()) as T;
}

/** A path with its query, as it is asked for. */
export function address(path: string, query: Query = {}): string {
  const known = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(known.map(([name, value]) => [name, String(value)])).toString();
  return text ? `${path}?${text}` : path;
}

async function refusal(response: Response): Promise<ApiError> {
  let found: WireError = {};
  try {
    found = (await response.json()) as WireError;
  } catch {
    // A proxy in between answers with a page; the status is all there is to know.
  }
  const { code, message, details } = found.error ?? {};
  const fields = details?.fields ?? [];
  const wait = details?.retry_after_ms ?? null;
  return new ApiError(code ?? "unknown", response.status, message ?? strings.away, wait, fields, details);
}
