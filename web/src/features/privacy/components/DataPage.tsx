// SPDX-License-Identifier: AGPL-3.0-or-later
import { ArchivesPanel } from "@/features/privacy/components/ArchivesPanel";
import { ErasurePanel } from "@/features/privacy/components/ErasurePanel";
import { strings } from "@/features/privacy/strings";
import { PageHeading } from "@/ui/PageHeading";

/** What this server keeps about one: to take along, to have deleted. */
export function DataPage() {
  return (
    <>
      <PageHeading title={strings.title} lead={strings.lead} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <ArchivesPanel />
        <ErasurePanel />
      </div>
    </>
  );
}
