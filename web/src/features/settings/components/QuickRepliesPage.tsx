// SPDX-License-Identifier: AGPL-3.0-or-later
import { useQuery } from "@tanstack/react-query";
import { ArrowDown, ArrowUp, PenLine, Plus, Trash2, Zap } from "lucide-react";
import { useState } from "react";

import { QuickReplyDialog } from "@/features/settings/components/QuickReplyDialog";
import { quickRepliesQuery, useQuickReplies } from "@/features/settings/quick-replies";
import { strings } from "@/features/settings/strings";
import type { QuickReply } from "@/lib/types";
import { ActionMenu } from "@/ui/ActionMenu";
import { Button } from "@/ui/Button";
import { PageHeading } from "@/ui/PageHeading";
import { Failure, Notice, SkeletonRows } from "@/ui/States";
import { strings as ui } from "@/ui/strings";

const MOST = 50;

/** Sentences kept for later, in an order of one's own. */
export function QuickRepliesPage() {
  const query = useQuery(quickRepliesQuery);
  const [edited, setEdited] = useState<QuickReply | "new" | null>(null);
  const { move, remove } = useQuickReplies();
  const [said, setSaid] = useState("");
  const all = query.data?.quickReplies ?? [];
  const full = all.length >= MOST;
  const go = (reply: QuickReply, position: number) => {
    move.mutate({ id: reply.id, position });
    setSaid(strings.quickMoved(reply.title, position + 1, all.length));
  };
  const adding = (
    <Button look="primary" isDisabled={full} onPress={() => setEdited("new")}>
      <Plus aria-hidden="true" className="size-4.5" /> {strings.quickAdd}
    </Button>
  );
  return (
    <>
      <PageHeading title={strings.quickReplies} lead={strings.quickRepliesLead}>
        {all.length > 0 && adding}
      </PageHeading>
      {full && <p className="mb-3 text-sm text-quiet">{strings.quickFull}</p>}
      {query.isPending && <SkeletonRows count={3} label={ui.onTheWay(strings.quickReplies)} />}
      {query.isError && !query.data && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && all.length === 0 && (
        <div className="glass-panel">
          <Notice icon={Zap} title={strings.quickEmpty[0]} text={strings.quickEmpty[1]}>
            {adding}
          </Notice>
        </div>
      )}
      <ol aria-label={strings.quickReplies} className="grid gap-2">
        {all.map((reply, place) => (
          <li key={reply.id} className="glass-card flex items-start gap-2 px-4 py-3">
            <div className="min-w-0 grow">
              <p className="wrap-anywhere font-bold"><bdi>{reply.title}</bdi></p>
              <p className="line-clamp-3 wrap-anywhere text-sm whitespace-pre-line text-quiet"><bdi>{reply.text}</bdi></p>
            </div>
            <Button look="ghost" aria-label={`${strings.quickUp}: ${reply.title}`} isDisabled={place === 0} onPress={() => go(reply, place - 1)}>
              <ArrowUp className="size-4.5" />
            </Button>
            <Button
              look="ghost"
              aria-label={`${strings.quickDown}: ${reply.title}`}
              isDisabled={place === all.length - 1}
              onPress={() => go(reply, place + 1)}
            >
              <ArrowDown className="size-4.5" />
            </Button>
            <ActionMenu
              label={strings.quickMore(reply.title)}
              actions={[
                { id: "edit", label: strings.quickEdit, icon: PenLine, run: () => setEdited(reply) },
                {
                  id: "remove",
                  label: strings.quickRemove,
                  icon: Trash2,
                  tone: "bad",
                  run: () => remove.mutate({ reply, position: place }),
                },
              ]}
            />
          </li>
        ))}
      </ol>
      <p role="status" className="sr-only">
        {said}
      </p>
      <QuickReplyDialog edited={edited} onClose={() => setEdited(null)} />
    </>
  );
}
