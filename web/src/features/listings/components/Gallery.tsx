// SPDX-License-Identifier: AGPL-3.0-or-later
import { useState } from "react";

import { Picture } from "@/features/listings/components/ListingTile";
import { strings } from "@/features/listings/strings";
import type { Listing } from "@/lib/types";

interface Props {
  title: string;
  images: Listing["images"];
}

/** A listing's pictures: one large, all of them to choose from. */
export function Gallery({ title, images }: Props) {
  const [chosen, setChosen] = useState(0);
  const at = Math.min(chosen, Math.max(0, images.length - 1));
  const { length } = images;
  return (
    <section aria-label={strings.pictures} className="glass-panel min-w-0 overflow-hidden">
      <Picture src={images[at]?.urls["1024"]} alt={strings.picture(title, at + 1, length)} fit="contain" />
      {length > 1 && (
        <ul className="flex gap-2 overflow-x-auto p-3">
          {images.map(({ mediaId, urls }, place) => (
            <li key={mediaId}>
              <button
                type="button"
                className="listing-thumb"
                aria-label={strings.showPicture(place + 1, length)}
                aria-current={place === at}
                onClick={() => setChosen(place)}
              >
                <Picture src={urls["320"]} alt="" fit="cover" />
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
