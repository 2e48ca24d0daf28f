// SPDX-License-Identifier: AGPL-3.0-or-later
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { MessageSquareText } from "lucide-react";
import { useEffect, useState } from "react";

import { type Wanted, isAsking, searchQuery } from "@/features/search/api";
import { Filters } from "@/features/search/components/Filters";
import { FoundRow } from "@/features/search/components/FoundRow";
import { wordsOf } from "@/features/search/model";
import { strings } from "@/features/search/strings";
import { useMe } from "@/lib/session";
import { PageHeading } from "@/ui/PageHeading";
import { Paged } from "@/ui/Paged";
import { SearchBox } from "@/ui/SearchBox";
import { Notice } from "@/ui/States";

/** Milliseconds after the last letter. */
const REST = 400;

/** Look for what was said; what is asked stands in the address. */
export default function SearchPage() {
  const wanted = useSearch({ from: "/inside/pages/search" });
  const navigate = useNavigate();
  const { home } = useMe();
  const [text, setText] = useState(wanted.q ?? "");
  const [sender, setSender] = useState(wanted.sender ?? "");
  const query = useInfiniteQuery(searchQuery(wanted, home));
  const ask = (next: Wanted) => void navigate({ to: "/search", search: next, replace: true });
  useEffect(() => {
    const typed = { q: text.trim() || undefined, sender: sender.trim() || undefined };
    if (typed.q === wanted.q && typed.sender === wanted.sender) return undefined;
    const waiting = setTimeout(() => {
      void navigate({ to: "/search", search: { ...wanted, ...typed }, replace: true });
    }, REST);
    return () => clearTimeout(waiting);
  }, [text, sender, wanted, navigate]);
  const words = wordsOf(wanted.q ?? "");
  const rooms = new Map(query.data?.pages.flatMap((page) => page.rooms).map((room) => [room.roomId, room]));
  const [title, lead] = Object.keys(wanted).length > 0 ? strings.narrow : strings.start;
  return (
    <>
      <PageHeading title={strings.title} lead={strings.lead} />
      <div role="search" className="mb-4 grid gap-3">
        <SearchBox label={strings.find} placeholder={strings.placeholder} maxLength={200} autoFocus text={text} onText={setText} />
        <Filters wanted={wanted} sender={sender} onSender={setSender} onChange={ask} />
      </div>
      {isAsking(wanted) ? (
        <section aria-label={strings.found}>
          <Paged
            query={query}
            items={(page) => page.items}
            label={strings.found}
            empty={<Notice icon={MessageSquareText} role="status" title={strings.none[0]} text={strings.none[1]} />}
          >
            {(message) => (
              <FoundRow key={message.eventId} message={message} room={rooms.get(message.roomId)} words={words} />
            )}
          </Paged>
        </section>
      ) : (
        <Notice icon={MessageSquareText} title={title} text={lead} />
      )}
    </>
  );
}
