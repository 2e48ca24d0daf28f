// SPDX-License-Identifier: AGPL-3.0-or-later
import { ProfileCard } from "@/features/profile/components/ProfileCard";
import { drawDraft } from "@/features/profile/model/bio";
import type { Draft } from "@/features/profile/model/draft";
import { type Field, type Viewer, maySee } from "@/features/profile/model/fields";
import { strings } from "@/features/profile/strings";
import { nameOf } from "@/lib/person";
import type { Profile } from "@/lib/types";

const VIEWERS: readonly Viewer[] = ["friend", "stranger", "anonymous"];

interface Props {
  profile: Profile;
  draft: Draft;
  home: string;
  viewer: Viewer;
  onViewer: (viewer: Viewer) => void;
}

/** The draft as others would see it, while it is typed. */
export function Preview({ profile, draft, home, viewer, onViewer }: Props) {
  const sees = (field: Field) => maySee(field, draft.levels, viewer, draft.hidden);
  const part = <T,>(field: Field, value: T): T | null => (sees(field) ? value : null);
  const shown: Profile = {
    userId: profile.userId,
    displayName: draft.displayName,
    avatarUrl: part("avatar", profile.avatarUrl),
    avatar: part("avatar", profile.avatar),
    bannerUrl: part("banner", profile.bannerUrl),
    banner: part("banner", profile.banner),
    pronouns: part("pronouns", draft.pronouns),
    gender: part("gender", draft.gender),
    timezone: part("timezone", draft.timezone),
    location: part("location", draft.location && { ...draft.location, countryCode: draft.location.countryCode ?? "", country: null }),
  };
  const bio = part("bio", draft.bio.trim());
  const interests = part("searchInterests", draft.searchInterests) ?? [];
  return (
    <>
      <div role="group" aria-label={strings.preview} className="-mx-1 flex flex-wrap items-center gap-1 p-1">
        <h2 className="me-1 font-bold">{strings.preview}</h2>
        {VIEWERS.map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={one === viewer}
            className="tab-link px-3 text-sm"
            data-chosen={one === viewer || undefined}
            onClick={() => onViewer(one)}
          >
            {strings.looks[one]}
          </button>
        ))}
      </div>
      <ProfileCard
        profile={shown}
        home={home}
        foot={
          (bio || interests.length > 0) && (
            <div className="grid gap-3">
              {bio && <div dir="auto" className="wrap-anywhere grid gap-2">{drawDraft(bio)}</div>}
              {interests.length > 0 && (
                <ul aria-label={strings.interests} className="flex flex-wrap gap-1.5">
                  {interests.map(({ label }) => (
                    <li key={label} className="chip">
                      <bdi>{label}</bdi>
                    </li>
                  ))}
                </ul>
              )}
            </div>
          )
        }
      />
      {draft.hidden && <p className="text-sm text-quiet">{strings.hiddenPreview(nameOf(shown))}</p>}
    </>
  );
}
