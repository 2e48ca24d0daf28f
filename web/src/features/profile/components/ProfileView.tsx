// SPDX-License-Identifier: AGPL-3.0-or-later
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { EyeOff, PenLine, UserRoundX } from "lucide-react";
import type { ReactNode } from "react";

import { LOOKS, type Look, profileQuery } from "@/features/profile/api";
import { ProfileCard } from "@/features/profile/components/ProfileCard";
import { About, Interests, Lately, Missing, Seen, Showcase } from "@/features/profile/components/ProfileParts";
import { strings } from "@/features/profile/strings";
import { ApiError } from "@/lib/api-error";
import { handleOf, nameOf, serverOf } from "@/lib/person";
import type { OwnProfile, Profile } from "@/lib/types";
import { openWelcome } from "@/lib/welcome";
import { Button } from "@/ui/Button";
import { PageHeading } from "@/ui/PageHeading";
import { Failure, Notice } from "@/ui/States";

interface Props {
  user: string;
  /** The server of whoever is signed in. */
  home?: string;
  /** One's own page as somebody else sees it. */
  as?: Look;
  /** What can be done about them, in the head. */
  actions?: (profile: Profile) => ReactNode;
  /** What else belongs into the head, and what stands below. */
  foot?: (profile: Profile) => ReactNode;
  below?: (profile: Profile) => ReactNode;
}

/** Somebody's page, as one may see it. */
export function ProfileView({ user, home, as, actions, foot, below }: Props) {
  const query = useQuery(profileQuery(user, as));
  if (query.isPending) return <Awaited />;
  const profile = query.data;
  if (!profile) return <Nobody error={query.error} signedIn={Boolean(home)} onRetry={() => void query.refetch()} />;
  const { mine } = profile;
  const levels = mine?.visibilitySettings;
  const own = Boolean(mine) || as !== undefined;
  const { showcase = [] } = profile;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      {own && <SeenAs user={user} as={as} />}
      <ProfileCard
        profile={profile}
        home={home}
        heading={<PageHeading own title={nameOf(profile)} lead={handleOf(profile.userId, home ?? serverOf(profile.userId))} />}
        foot={mine ? <OwnFoot profile={profile} mine={mine} /> : foot?.(profile)}
      >
        {mine && (
          <Link to="/settings/profile" className="btn-primary">
            <PenLine aria-hidden="true" className="size-4" /> {strings.edit}
          </Link>
        )}
        {!own && actions?.(profile)}
      </ProfileCard>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)] lg:has-[>div:last-child:empty]:grid-cols-1">
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4 empty:hidden">
          <About profile={profile} levels={levels} />
          <Lately user={user} as={as} level={levels?.activity} />
          {!own && below?.(profile)}
        </div>
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4 empty:hidden">
          <Interests profile={profile} levels={levels} />
          <Showcase cards={showcase} />
          {mine && below?.(profile)}
        </div>
      </div>
    </div>
  );
}

function OwnFoot({ profile, mine }: { profile: Profile; mine: OwnProfile }) {
  const { pronouns, location } = mine.visibilitySettings;
  const { percent } = mine.completeness;
  return (
    <div className="grid gap-3">
      {mine.hidden && (
        <p className="glass-subtle flex items-center gap-2 px-4 py-2.5 font-semibold">
          <EyeOff aria-hidden="true" className="size-4.5 shrink-0 text-accent" /> {strings.hiddenOwn}
        </p>
      )}
      <div className="flex flex-wrap gap-2 empty:hidden">
        {!profile.pronouns && <Missing field="pronouns" />}
        {!profile.location && <Missing field="location" />}
        {(profile.pronouns || profile.location) && <OwnSeen pronouns={profile.pronouns ? pronouns : undefined} location={profile.location ? location : undefined} />}
      </div>
      {percent < 100 && (
        <div className="grid gap-1.5">
          <div className="flex flex-wrap items-center justify-between gap-x-3 text-sm text-quiet">
            {strings.complete(percent)}
            <Button small look="ghost" className="px-2" onPress={openWelcome}>
              {strings.finish}
            </Button>
          </div>
          <progress className="meter" max={100} value={percent} aria-label={strings.complete(percent)} />
        </div>
      )}
    </div>
  );
}

function OwnSeen({ pronouns, location }: Partial<Pick<OwnProfile["visibilitySettings"], "pronouns" | "location">>) {
  return (
    <p className="flex flex-wrap items-center gap-2 text-sm text-quiet">
      {pronouns && pronouns !== "public" && (
        <>
          {strings.fields.pronouns}: <Seen level={pronouns} />
        </>
      )}
      {location && location !== "public" && (
        <>
          {strings.fields.location}: <Seen level={location} />
        </>
      )}
    </p>
  );
}

function SeenAs({ user, as }: { user: string; as?: Look }) {
  return (
    <nav aria-label={strings.seenAs} className="-mx-1 flex flex-wrap items-center gap-1 p-1">
      <span className="shrink-0 pe-1 text-sm font-semibold text-quiet">{strings.seenAs}</span>
      {[undefined, ...LOOKS].map((look) => (
        <Link
          key={look ?? "self"}
          to="/profile/$user"
          params={{ user }}
          search={look ? { as: look } : {}}
          activeOptions={{ exact: true, includeSearch: true }}
          aria-current={look === as ? "page" : undefined}
          className="tab-link"
        >
          {strings.looks[look ?? "self"]}
        </Link>
      ))}
    </nav>
  );
}

interface NobodyProps {
  error: Error | null;
  signedIn: boolean;
  onRetry: () => void;
}

function Nobody({ error, signedIn, onRetry }: NobodyProps) {
  const nobody = error instanceof ApiError && [400, 404].includes(error.status);
  return (
    <>
      <PageHeading title={nobody ? strings.nobody : strings.thisPerson} />
      {nobody ? (
        <Notice icon={UserRoundX} title={strings.nobodyTitle} text={strings.nobodyText}>
          <Link to={signedIn ? "/connections" : "/"} className="btn-secondary">
            {signedIn ? strings.toConnections : strings.takeHome}
          </Link>
        </Notice>
      ) : (
        <Failure error={error} onRetry={onRetry} />
      )}
    </>
  );
}

/** In the shape of what is coming. */
function Awaited() {
  return (
    <div role="status" className="glass-panel overflow-hidden">
      <span className="sr-only">{strings.onTheWay}</span>
      <div className="skeleton h-36 rounded-none" />
      <div className="grid gap-3 px-5 pb-6">
        <div className="skeleton -mt-14 size-28 rounded-full ring-4 ring-raised" />
        <div className="skeleton h-6 w-48" />
        <div className="skeleton h-4 w-32" />
      </div>
    </div>
  );
}
