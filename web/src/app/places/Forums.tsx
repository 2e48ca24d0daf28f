// SPDX-License-Identifier: AGPL-3.0-or-later
import { useSearch } from "@tanstack/react-router";

import { Column } from "@/app/Shell";
import { LoungePage } from "@/features/lounge/components/LoungePage";

/** All forums. */
export default function Forums() {
  const { sort = "active" } = useSearch({ from: "/inside/lounge" });
  return (
    <Column>
      <LoungePage sort={sort} />
    </Column>
  );
}
