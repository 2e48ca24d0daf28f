// SPDX-License-Identifier: AGPL-3.0-or-later
import { Link } from "@tanstack/react-router";

import { AuthFrame } from "@/features/session/components/AuthFrame";
import { strings } from "@/features/session/strings";

/** What to do without e-mail. */
export default function ForgotPage() {
  return (
    <AuthFrame title={strings.forgotTitle}>
      <p className="text-quiet">{strings.forgotText}</p>
      <ol className="mt-4 grid gap-2">
        {strings.forgotSteps.map((step, index) => (
          <li key={step} className="glass-subtle flex items-center gap-3 px-3 py-2.5">
            <span className="badge-count">{index + 1}</span>
            {step}
          </li>
        ))}
      </ol>
      <p className="mt-4 text-sm text-quiet">{strings.forgotElsewhere}</p>
      <Link to="/sign-in" className="btn-secondary mt-5 w-full">
        {strings.back}
      </Link>
    </AuthFrame>
  );
}
