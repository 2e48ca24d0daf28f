// SPDX-License-Identifier: AGPL-3.0-or-later
import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";

import { FriendsTab } from "@/features/connections/components/FriendsTab";
import { type Query, call } from "@/lib/api";
import { makeClient } from "@/lib/query";

vi.mock("@/lib/api", () => ({ call: vi.fn<typeof call>() }));
vi.mock("@/ui/PersonRow", () => ({
  PersonRow: ({ person }: { person: { displayName: string } }) => <li>{person.displayName}</li>,
}));

const NAMES = ["Ada", "Bela", "Cora", "Dora", "Emil", "Flora", "Zora"];

function show(names: readonly string[]) {
  vi.mocked(call).mockImplementation(async (_method, _path, options) => {
    const { q = "" } = (options as { query: Query }).query;
    const found = names.filter((name) => name.toLowerCase().includes(String(q)));
    const since = "2026-11-01T10:00:00Z";
    const shared = { mutualFriends: 0, mutualSpaces: [], mutualSpacesCount: 0 };
    const friends = found.map((name) => ({ userId: `@${name}:kith.test`, displayName: name, since, ...shared }));
    return { friends, total: friends.length, nextCursor: null };
  });
  render(
    <QueryClientProvider client={makeClient(() => undefined)}>
      <FriendsTab />
    </QueryClientProvider>,
  );
}

const shown = () => screen.getAllByRole("listitem").map((row) => row.textContent);

afterEach(cleanup);

it("finds a friend among many, and says when there is none of that name", async () => {
  show(NAMES);
  await screen.findByText("7 friends");
  const box = screen.getByLabelText("Find a friend");
  await userEvent.type(box, "ora");
  await screen.findByText("4 friends");
  expect(shown()).toEqual(["Cora", "Dora", "Flora", "Zora"]);
  await userEvent.type(box, "x");
  await screen.findByText("No friend of that name");
  await userEvent.clear(box);
  await screen.findByText("7 friends");
  expect(shown()).toEqual(NAMES);
});

it("offers no search among a few", async () => {
  show(NAMES.slice(0, 1));
  await screen.findByText("1 friend");
  expect(screen.queryByLabelText("Find a friend")).toBeNull();
});
