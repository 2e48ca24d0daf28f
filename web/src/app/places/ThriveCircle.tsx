// SPDX-License-Identifier: AGPL-3.0-or-later
import { Link } from "@tanstack/react-router";
import { CircleDashed } from "lucide-react";

import { PageHeading } from "@/ui/PageHeading";
import { Notice } from "@/ui/States";

/** Circles are not open on this server; the page says so and nothing more. */
export default function ThriveCircle() {
  return (
    <>
      <PageHeading title="Thrive Circle" lead="Small groups that meet for some weeks." />
      <div className="glass-panel">
        <Notice
          icon={CircleDashed}
          title="Circles are not open here yet"
          text="This server has not started any. Until then, the Lounge is where people meet."
        >
          <Link to="/lounge" className="btn-primary">
            Go to The Lounge
          </Link>
        </Notice>
      </div>
    </>
  );
}
