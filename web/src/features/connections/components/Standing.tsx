// SPDX-License-Identifier: AGPL-3.0-or-later
import { CallToAction } from "@/features/connections/components/CallToAction";
import { PersonMenu } from "@/features/connections/components/PersonMenu";
import { strings } from "@/features/connections/strings";
import { day, relative } from "@/lib/time";
import type { Relationship } from "@/lib/types";

/** What one can do about somebody. */
export function Actions({ relationship }: { relationship: Relationship }) {
  const { person, state, following, muted } = relationship;
  return (
    <>
      <CallToAction relationship={relationship} />
      {state !== "self" && state !== "blocked" && (
        <PersonMenu person={person} friends={state === "friends"} muted={muted} following={following} />
      )}
    </>
  );
}

/** How one stands to somebody, in words; nothing between strangers. */
export function Standing({ relationship }: { relationship: Relationship }) {
  const { friendsSince, request, state } = relationship;
  const facts = [
    relationship.followedBy && strings.followsYou,
    relationship.muted && strings.isMuted,
    relationship.mutualCount ? strings.mutual(relationship.mutualCount) : null,
  ].filter((fact) => typeof fact === "string");
  if (facts.length === 0 && !friendsSince && !request) return null;
  return (
    <div className="grid gap-3 border-t border-line pt-4">
      {request?.message && (
        <p className="glass-subtle wrap-anywhere justify-self-start rounded-ss-sm px-4 py-2.5">{request.message}</p>
      )}
      <div className="flex flex-wrap items-center gap-2 text-sm text-quiet">
        {friendsSince && <span>{strings.friendsSince(day(friendsSince))}</span>}
        {state === "request_sent" && request && (
          <span>{strings.youAsked(relative(request.createdAt), relative(request.expiresAt))}</span>
        )}
        {facts.map((fact) => (
          <span key={fact} className="tag">
            {fact}
          </span>
        ))}
      </div>
    </div>
  );
}
