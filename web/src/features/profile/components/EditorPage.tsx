// SPDX-License-Identifier: AGPL-3.0-or-later
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";

import { profileQuery } from "@/features/profile/api";
import { MediaUploader } from "@/features/profile/components/MediaUploader";
import { Preview } from "@/features/profile/components/Preview";
import { Basics, Identity, InterestsSection, Section, Seen, VisibilitySection } from "@/features/profile/components/Sections";
import { bannerOf } from "@/features/profile/components/ProfileCard";
import { type Editor, useEditor } from "@/features/profile/components/use-editor";
import { LONGEST, lengthOf } from "@/features/profile/model/draft";
import type { Viewer } from "@/features/profile/model/fields";
import { strings } from "@/features/profile/strings";
import { addressOf } from "@/lib/person";
import { useMe } from "@/lib/session";
import type { Profile } from "@/lib/types";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { PageHeading } from "@/ui/PageHeading";
import { Failure, SkeletonRows } from "@/ui/States";

/** One's own profile: what one says on the left, what others will see on the right. */
export function EditorPage({ showcase }: { showcase?: ReactNode }) {
  const me = useMe();
  const user = addressOf(me.userId, me.home);
  const query = useQuery(profileQuery(user));
  return (
    <>
      <PageHeading title={strings.editTitle} lead={strings.editLead}>
        <Link to="/profile/$user" params={{ user }} className="btn-secondary">
          {strings.view}
        </Link>
      </PageHeading>
      {query.isPending && <SkeletonRows label={strings.onTheWay} />}
      {query.isError && !query.data && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {query.data?.mine && <Form user={user} profile={query.data} showcase={showcase} />}
    </>
  );
}

function Form({ user, profile, showcase }: { user: string; profile: Profile; showcase?: ReactNode }) {
  const { home } = useMe();
  const editor = useEditor(user, profile);
  const [viewer, setViewer] = useState<Viewer>("friend");
  return (
    <form
      className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 xl:grid-cols-[minmax(0,1fr)_24rem]"
      onSubmit={(event) => {
        event.preventDefault();
        if (editor.dirty && !editor.busy) editor.save();
      }}
    >
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        {editor.restored && (
          <p role="status" className="glass-subtle px-4 py-2.5 text-sm font-medium">
            {strings.restored}
          </p>
        )}
        <Basics editor={editor}>
          <Pictures profile={profile} editor={editor} />
        </Basics>
        <Identity editor={editor} />
        <InterestsSection editor={editor} />
        <VisibilitySection editor={editor} />
        {showcase && (
          <Section id="showcase" title={strings.showcase} lead={strings.showcaseLead}>
            {showcase}
          </Section>
        )}
      </div>
      <aside aria-label={strings.preview} className="grid grid-cols-[minmax(0,1fr)] gap-3 xl:sticky xl:top-0">
        <Preview profile={profile} draft={editor.draft} home={home} viewer={viewer} onViewer={setViewer} />
      </aside>
      {editor.dirty && <SaveBar editor={editor} />}
      <Conflict editor={editor} />
    </form>
  );
}

function Pictures({ profile, editor }: { profile: Profile; editor: Editor }) {
  const banner = bannerOf(profile);
  return (
    <>
      <MediaUploader purpose="avatar" there={Boolean(profile.avatarUrl)} level={<Seen editor={editor} field="avatar" />}>
        <Avatar person={{ ...profile, avatarUrl: profile.avatarUrl ?? null }} size={112} src={profile.avatar?.urls["256"]} />
      </MediaUploader>
      <MediaUploader purpose="banner" there={Boolean(profile.bannerUrl ?? banner)} level={<Seen editor={editor} field="banner" />}>
        {banner && <img src={banner} alt="" width={300} height={100} className="aspect-3/1 w-60 rounded-md object-cover" />}
      </MediaUploader>
    </>
  );
}

function SaveBar({ editor }: { editor: Editor }) {
  const problem = editor.problem("");
  const long = lengthOf(editor.draft.bio) > LONGEST.bio;
  return (
    <div className="save-bar xl:col-span-2">
      <p role="status" className="grow font-semibold">
        {problem ? <span className="text-bad">{problem}</span> : strings.unsaved}
      </p>
      <Button onPress={editor.discard}>{strings.discard}</Button>
      <Button type="submit" look="primary" busy={editor.busy} isDisabled={long}>
        {strings.save}
      </Button>
    </div>
  );
}

function Conflict({ editor }: { editor: Editor }) {
  const names = editor.clashing.map((part) => (part in strings.fields ? strings.fields[part as keyof typeof strings.fields] : strings.visibility));
  return (
    <Dialog title={strings.conflictTitle} open={editor.conflict !== null} onClose={editor.closeConflict} role="alertdialog">
      <p className="text-quiet">{strings.conflictText}</p>
      <ul className="my-3 flex flex-wrap gap-2">
        {names.map((name) => (
          <li key={name} className="chip">
            {name}
          </li>
        ))}
      </ul>
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Button onPress={editor.takeTheirs}>{strings.takeTheirs}</Button>
        <Button look="primary" autoFocus onPress={editor.keepMine}>
          {strings.keepMine}
        </Button>
      </div>
    </Dialog>
  );
}
