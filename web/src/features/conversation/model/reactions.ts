// SPDX-License-Identifier: AGPL-3.0-or-later
// What happens to the reactions of one message. Pure.
import type { RoomFrame } from "@/lib/live/frames";
import type { Reaction } from "@/lib/message";

/** Most people named with a reaction. */
const NAMED = 20;

/** Whether a reaction event is among those. */
export const holds = (one: Reaction, id: string): boolean =>
  one.mine === id || one.people.some((who) => who.eventId === id);

/** With one more; the same event counts once. */
export function reacted(
  reactions: Reaction[],
  frame: Extract<RoomFrame, { event: "reaction:added" }>,
  me: string,
  name: string | null,
): Reaction[] {
  const { key, eventId, sender } = frame;
  const person = { userId: sender, name, eventId };
  const mine = sender === me ? eventId : null;
  const known = reactions.find((one) => one.key === key);
  if (!known) return [...reactions, { key, count: 1, mine, people: [person] }];
  if (known.mine === eventId || known.people.some((one) => one.eventId === eventId)) return reactions;
  const more = {
    ...known,
    count: known.count + 1,
    mine: mine ?? known.mine,
    people: [...known.people, person].slice(0, NAMED),
  };
  return reactions.map((one) => (one === known ? more : one));
}

/** Without a reaction event. */
export const withdrawn = (reactions: Reaction[], id: string): Reaction[] =>
  reactions
    .map((one) =>
      holds(one, id)
        ? {
            ...one,
            count: one.count - 1,
            mine: one.mine === id ? null : one.mine,
            people: one.people.filter((who) => who.eventId !== id),
          }
        : one,
    )
    .filter((one) => one.count > 0);
