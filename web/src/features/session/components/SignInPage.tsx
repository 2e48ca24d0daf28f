// SPDX-License-Identifier: AGPL-3.0-or-later
import { Link, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";

import { useSignIn } from "@/features/session/api";
import { AuthFrame } from "@/features/session/components/AuthFrame";
import { Problem } from "@/features/session/components/Problem";
import { strings } from "@/features/session/strings";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";

/** By name and password. */
export default function SignInPage() {
  const { next } = useSearch({ from: "/sign-in" });
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const entering = useSignIn(next);
  const enter = (event: FormEvent) => {
    event.preventDefault();
    if (!entering.isPending) entering.mutate({ user: user.trim(), password });
  };
  return (
    <AuthFrame
      title={strings.signIn}
      lead={strings.welcomeBack}
      footer={
        <>
          {strings.newHere}{" "}
          <Link to="/sign-up" className="link">
            {strings.signUp}
          </Link>
        </>
      }
    >
      <form onSubmit={enter} className="grid gap-4">
        <Field
          label={strings.name}
          hint={strings.nameHint}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          maxLength={255}
          value={user}
          onChange={(event) => setUser(event.target.value)}
        />
        <Field
          label={strings.password}
          type="password"
          name="password"
          autoComplete="current-password"
          required
          maxLength={512}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Problem error={entering.error} />
        <Button type="submit" look="primary" busy={entering.isPending}>
          {strings.signIn}
        </Button>
        <Link to="/forgot-password" className="link justify-self-center text-sm">
          {strings.forgot}
        </Link>
      </form>
    </AuthFrame>
  );
}
