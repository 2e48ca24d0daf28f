// SPDX-License-Identifier: AGPL-3.0-or-later
import { Link, Outlet } from "@tanstack/react-router";

import { strings } from "@/features/settings/strings";

/** The pages of settings beside one another. */
export default function SettingsLayout() {
  return (
    <>
      <nav aria-label={strings.title} className="-mx-1 mb-5 flex gap-1 overflow-x-auto p-1">
        <Link to="/settings/profile" className="tab-link">
          {strings.profile}
        </Link>
        <Link to="/settings/privacy" className="tab-link">
          {strings.privacy}
        </Link>
        <Link to="/settings/data" className="tab-link">
          {strings.data}
        </Link>
        <Link to="/settings/quick-replies" className="tab-link">
          {strings.quickReplies}
        </Link>
        <Link to="/settings/appearance" className="tab-link">
          {strings.appearance}
        </Link>
      </nav>
      <Outlet />
    </>
  );
}
