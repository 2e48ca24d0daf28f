// SPDX-License-Identifier: AGPL-3.0-or-later
import { Clock, MapPin, UserRound } from "lucide-react";
import type { ReactNode } from "react";

import { strings } from "@/features/profile/strings";
import { handleOf, nameOf, pictureOf, serverOf } from "@/lib/person";
import { timeIn } from "@/lib/time";
import type { Profile } from "@/lib/types";
import { Avatar } from "@/ui/Avatar";

interface Props {
  profile: Profile;
  /** Whose server is this one; without it, handles are whole ids. */
  home?: string;
  /** The page's heading; a preview has none of its own. */
  heading?: ReactNode;
  /** What one can do about them. */
  children?: ReactNode;
  /** Below the head. */
  foot?: ReactNode;
}

/** The head of a profile: banner, picture, name, and the short facts. */
export function ProfileCard({ profile, home, heading, children, foot }: Props) {
  const { pronouns, gender, location, timezone } = profile;
  const person = { ...profile, avatarUrl: home ? (profile.avatarUrl ?? null) : null };
  const clock = timezone ? timeIn(timezone) : null;
  const handle = handleOf(profile.userId, home ?? serverOf(profile.userId));
  const facts = [
    { icon: UserRound, text: [pronouns, gender].filter(Boolean).join(" · ") },
    { icon: MapPin, text: location?.label },
    { icon: Clock, text: clock && strings.localTime(clock) },
  ];
  return (
    <article className="glass-panel overflow-hidden" aria-label={heading ? undefined : nameOf(profile)}>
      <Banner profile={profile} known={Boolean(home)} />
      <div className="grid gap-4 px-5 pb-5">
        <div className="flex flex-wrap items-end gap-x-5 gap-y-3">
          <div className="relative -mt-14 rounded-full bg-raised p-1">
            <Avatar person={person} size={112} src={profile.avatar?.urls["256"]} />
          </div>
          <div className="min-w-44 grow basis-0 pt-3 [&>div]:mb-0">
            {heading ?? (
              <>
                <p className="wrap-anywhere text-xl font-extrabold"><bdi>{nameOf(profile)}</bdi></p>
                <p className="wrap-anywhere text-quiet"><bdi>{handle}</bdi></p>
              </>
            )}
          </div>
          {children && <div className="flex flex-wrap items-center gap-2">{children}</div>}
        </div>
        {facts.some(({ text }) => text) && (
          <ul aria-label={strings.details} className="flex flex-wrap gap-x-5 gap-y-1.5 text-sm text-quiet">
            {facts.map(({ icon: Icon, text }) => text && (
              <li key={text} className="flex min-w-0 items-center gap-1.5">
                <Icon aria-hidden="true" className="size-4 shrink-0 text-accent" />
                <bdi className="wrap-anywhere">{text}</bdi>
              </li>
            ))}
          </ul>
        )}
        {foot}
      </div>
    </article>
  );
}

/** Where the banner is, when it is one of Kith's own. */
export const bannerOf = ({ banner }: Profile): string | undefined => Object.values(banner?.urls ?? {}).at(-1);

/** Three times as wide as high; the app's own colours where there is none. */
function Banner({ profile, known }: { profile: Profile; known: boolean }) {
  const own = bannerOf(profile);
  const source = own ?? (known && profile.bannerUrl ? pictureOf(profile.bannerUrl, 512) : null);
  if (source) {
    return <img src={source} alt="" width={1500} height={500} decoding="async" className="aspect-3/1 w-full bg-raised object-cover" />;
  }
  return <div aria-hidden="true" className="h-28 bg-linear-to-r from-cyan-600/70 via-indigo-600/60 to-pink-600/70 sm:h-36" />;
}
