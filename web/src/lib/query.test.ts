// SPDX-License-Identifier: AGPL-3.0-or-later
import { QueryObserver } from "@tanstack/react-query";
import { expect, it } from "vitest";

import { makeClient, readAnew } from "@/lib/query";

it("reads once more what changed during its first reading", async () => {
  const client = makeClient(() => {});
  const answers: ((value: string) => void)[] = [];
  const observer = new QueryObserver<string>(client, {
    queryKey: ["people", "requests"],
    queryFn: () => new Promise((resolve) => answers.push(resolve)),
  });
  const stop = observer.subscribe(() => {});
  expect(answers).toHaveLength(1);
  // A request is made while the list is on its way, which does not hold it yet.
  const read = readAnew(client, ["people"]);
  answers[0]?.("nothing");
  await expect.poll(() => answers.length).toBe(2);
  answers[1]?.("a request");
  await read;
  expect(observer.getCurrentResult().data).toBe("a request");
  stop();
});
