// SPDX-License-Identifier: AGPL-3.0-or-later
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Check, PartyPopper } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";

import { changeProfile, interestsQuery, profileQuery } from "@/features/profile/api";
import { MediaUploader } from "@/features/profile/components/MediaUploader";
import { LONGEST, MOST_INTERESTS } from "@/features/profile/model/draft";
import { STEPS, type Step, beginOf } from "@/features/profile/model/welcome";
import { strings } from "@/features/profile/strings";
import { addressOf } from "@/lib/person";
import { handleError } from "@/lib/report";
import { sessionQuery, useMe } from "@/lib/session";
import type { Profile } from "@/lib/types";
import { closeWelcome, useWelcome } from "@/lib/welcome";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Field } from "@/ui/Field";
import { SkeletonRows } from "@/ui/States";

/** Shows somebody new round: a name, a picture, what they like. All of it may wait. */
export function Welcome() {
  const open = useWelcome((state) => state.open);
  const me = useMe();
  const user = addressOf(me.userId, me.home);
  const query = useQuery({ ...profileQuery(user), enabled: open });
  return (
    <Dialog title={strings.welcome} open={open} onClose={closeWelcome}>
      {query.data?.mine ? <Steps user={user} profile={query.data} known={query.data.mine.onboarding} /> : <SkeletonRows count={2} label={strings.onTheWay} />}
    </Dialog>
  );
}

interface StepsProps {
  user: string;
  profile: Profile;
  known: Readonly<Record<string, unknown>>;
}

function Steps({ user, profile, known }: StepsProps) {
  const client = useQueryClient();
  const [step, setStep] = useState<Step | "end">(() => beginOf(known));
  const ending = useMutation({
    mutationFn: ({ at, end, more }: { at: Step; end: "done" | "skipped"; more: Record<string, unknown> }) =>
      changeProfile(user, { ...more, onboarding: { [at]: end } }),
    onSuccess: (now, { at }) => {
      client.setQueryData(profileQuery(user).queryKey, now);
      void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
      setStep(STEPS[STEPS.indexOf(at) + 1] ?? "end");
    },
  });
  const percent = profile.mine?.completeness.percent ?? 0;
  if (step === "end") return <End percent={percent} />;
  const Part = PARTS[step];
  return (
    <div className="grid gap-4">
      <div className="grid gap-1.5">
        <p className="text-sm text-quiet">{strings.step(STEPS.indexOf(step) + 1, STEPS.length)}</p>
        <progress className="meter" max={100} value={percent} aria-label={strings.complete(percent)} />
      </div>
      <Part
        key={step}
        profile={profile}
        problem={ending.error ? handleError("welcome", ending.error) : undefined}
        onDone={(more) => ending.mutate({ at: step, end: "done", more })}
      >
        <Button onPress={() => ending.mutate({ at: step, end: "skipped", more: {} })}>{strings.skip}</Button>
        <Button type="submit" look="primary" busy={ending.isPending}>
          {strings.next}
        </Button>
      </Part>
    </div>
  );
}

interface PartProps {
  profile: Profile;
  problem?: string;
  onDone: (change: Record<string, unknown>) => void;
  /** The buttons. */
  children: ReactNode;
}

const PARTS: Readonly<Record<Step, (props: PartProps) => ReactNode>> = { display_name: Name, avatar: Picture, interests: Likes };

interface FrameProps {
  onSubmit: () => void;
  buttons: ReactNode;
  children: ReactNode;
}

function Frame({ onSubmit, buttons, children }: FrameProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      {children}
      <div className="flex justify-end gap-2">{buttons}</div>
    </form>
  );
}

function Name({ profile, problem, onDone, children }: PartProps) {
  const [name, setName] = useState(profile.displayName ?? "");
  return (
    <Frame onSubmit={() => onDone(name.trim() ? { displayName: name } : {})} buttons={children}>
      <Field
        label={strings.welcomeName}
        hint={strings.nameHint}
        problem={problem}
        value={name}
        onChange={(event) => setName(event.target.value)}
        maxLength={LONGEST.displayName}
        counted
        autoFocus
      />
    </Frame>
  );
}

function Picture({ profile, onDone, children }: PartProps) {
  return (
    <Frame onSubmit={() => onDone({})} buttons={children}>
      <MediaUploader purpose="avatar" there={false} level={null}>
        <Avatar person={{ ...profile, avatarUrl: profile.avatarUrl ?? null }} size={112} src={profile.avatar?.urls["256"]} />
      </MediaUploader>
    </Frame>
  );
}

function Likes({ profile, problem, onDone, children }: PartProps) {
  const { data } = useQuery(interestsQuery(""));
  const [chosen, setChosen] = useState(profile.searchInterests ?? []);
  const all = [...chosen, ...(data?.interests ?? []).filter(({ id }) => !chosen.some((one) => one.id === id))];
  return (
    <Frame onSubmit={() => onDone({ searchInterests: chosen.map(({ id, label }) => ({ id, label })) })} buttons={children}>
      <div role="group" aria-label={strings.welcomeLikes} className="grid gap-2">
        <p className="font-semibold">{strings.welcomeLikes}</p>
        <div className="flex flex-wrap gap-2">
          {all.map((one) => {
            const on = chosen.some(({ id }) => id === one.id);
            return (
              <button
                key={one.id}
                type="button"
                className="chip"
                aria-pressed={on}
                disabled={!on && chosen.length >= MOST_INTERESTS}
                onClick={() => setChosen(on ? chosen.filter(({ id }) => id !== one.id) : [...chosen, one])}
              >
                {on && <Check aria-hidden="true" className="size-4 text-accent" />}
                {one.label}
              </button>
            );
          })}
        </div>
        {problem && <p className="text-sm font-medium text-bad">{problem}</p>}
      </div>
    </Frame>
  );
}

function End({ percent }: { percent: number }) {
  return (
    <div role="status" className="grid justify-items-center gap-3 py-4 text-center">
      <PartyPopper aria-hidden="true" className="size-10 text-accent" />
      <p className="text-lg font-bold">{strings.welcomeEnd}</p>
      <progress className="meter" max={100} value={percent} aria-label={strings.complete(percent)} />
      <p className="text-quiet">{strings.complete(percent)}</p>
      <Button look="primary" autoFocus onPress={closeWelcome}>
        {strings.welcomeClose}
      </Button>
    </div>
  );
}
