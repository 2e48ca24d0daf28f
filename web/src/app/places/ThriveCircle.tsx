// SPDX-License-Identifier: AGPL-3.0-or-later
import { Link } from "@tanstack/react-router";
import { CircleDashed } from "lucide-react";

import { strings } from "@/app/strings";
import { PageHeading } from "@/ui/PageHeading";
import { Notice } from "@/ui/States";

/** Circles are not open on this server; the page says so and nothing more. */
export default function ThriveCircle() {
  return (
    <>
      <PageHeading title={strings.circle} lead={strings.circleLead} />
      <div className="glass-panel">
        <Notice
          icon={CircleDashed}
          title={strings.noCircles}
          text={strings.noCirclesText}
        >
          <Link to="/lounge" className="btn-primary">
            {strings.toLounge}
          </Link>
        </Notice>
      </div>
    </>
  );
}
