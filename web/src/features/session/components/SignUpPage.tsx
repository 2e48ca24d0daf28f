// SPDX-License-Identifier: AGPL-3.0-or-later
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";

import { registrationQuery, useSignUp } from "@/features/session/api";
import { AuthFrame } from "@/features/session/components/AuthFrame";
import { Problem } from "@/features/session/components/Problem";
import { strings } from "@/features/session/strings";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { Failure, SkeletonRows } from "@/ui/States";

const Have = () => (
  <>
    {strings.have}{" "}
    <Link to="/sign-in" className="link">
      {strings.signIn}
    </Link>
  </>
);

/** As this instance allows it: closed, by a token, or open. */
export default function SignUpPage() {
  const registration = useQuery(registrationQuery);
  const policy = registration.data?.policy;
  if (policy === "closed") {
    return (
      <AuthFrame title={strings.closedTitle} footer={<Have />}>
        <p className="text-quiet">{strings.closedText}</p>
      </AuthFrame>
    );
  }
  return (
    <AuthFrame title={strings.signUp} lead={strings.twoFields} footer={<Have />}>
      {registration.isError && (
        <Failure error={registration.error} onRetry={() => void registration.refetch()} />
      )}
      {registration.isPending && <SkeletonRows count={3} label={strings.moment} />}
      {policy && <Form withToken={policy === "token"} />}
    </AuthFrame>
  );
}

function Form({ withToken }: { withToken: boolean }) {
  const [values, setValues] = useState({ name: "", password: "", repeat: "", token: "" });
  const [tried, setTried] = useState(false);
  const entering = useSignUp();
  const field = (name: keyof typeof values) => ({
    name,
    value: values[name],
    required: true,
    onChange: (event: { target: { value: string } }) =>
      setValues({ ...values, [name]: event.target.value }),
  });
  const problems = {
    name: /^[a-z0-9._=/+-]+$/.test(values.name.trim()) ? undefined : strings.nameProblem,
    password: values.password.length >= 8 ? undefined : strings.shortProblem,
    repeat: values.repeat === values.password ? undefined : strings.repeatProblem,
  };
  const enter = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (entering.isPending || Object.values(problems).some(Boolean)) return;
    const { password, token } = values;
    const name = values.name.trim();
    entering.mutate({ name, password, ...(withToken ? { token: token.trim() } : {}) });
  };
  return (
    <form onSubmit={enter} className="grid gap-4" noValidate>
      <Field
        {...field("name")}
        label={strings.name}
        hint={strings.newNameHint}
        problem={tried ? problems.name : undefined}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={200}
      />
      <Field
        {...field("password")}
        type="password"
        label={strings.password}
        hint={strings.newPasswordHint}
        problem={tried ? problems.password : undefined}
        autoComplete="new-password"
        maxLength={512}
      />
      <Field
        {...field("repeat")}
        type="password"
        label={strings.repeat}
        problem={tried ? problems.repeat : undefined}
        autoComplete="new-password"
        maxLength={512}
      />
      {withToken && (
        <Field {...field("token")} label={strings.token} hint={strings.tokenHint} maxLength={64} />
      )}
      <Problem error={entering.error} />
      <Button type="submit" look="primary" busy={entering.isPending}>
        {strings.signUp}
      </Button>
    </form>
  );
}
