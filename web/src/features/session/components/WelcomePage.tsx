// SPDX-License-Identifier: AGPL-3.0-or-later
import { Link } from "@tanstack/react-router";
import { HandHeart, MessagesSquare, ShieldCheck } from "lucide-react";
import { useEffect } from "react";

import { strings } from "@/features/session/strings";
import { Brand } from "@/ui/Brand";

const POINTS = [
  { icon: HandHeart, point: "ask" },
  { icon: ShieldCheck, point: "enforced" },
  { icon: MessagesSquare, point: "yours" },
] as const;

/** The start page for whoever is not signed in. */
export default function WelcomePage() {
  useEffect(() => {
    document.title = `Kith · ${strings.windowTitle}`;
  }, []);
  return (
    <div className="mx-auto grid min-h-dvh max-w-6xl grid-rows-[auto_1fr_auto] px-5">
      <header className="flex items-center justify-between py-5">
        <Brand large />
        <nav aria-label={strings.main} className="flex items-center gap-4">
          <a href="/about" className="link hidden text-sm sm:inline">
            {strings.aboutServer}
          </a>
          <Link to="/sign-in" className="btn-secondary">
            {strings.signIn}
          </Link>
        </nav>
      </header>
      <main id="content" className="grid content-center gap-12 py-10">
        <div className="rise max-w-3xl">
          <h1 className="text-[clamp(2.5rem,7vw,4.75rem)] leading-[1.02] font-extrabold tracking-tight">
            <span className="glow-text">{strings.friendsFirst}</span>
            <br />
            {strings.messagesAfter}
          </h1>
          <p className="mt-6 max-w-xl text-lg text-quiet">
            {strings.lead}
          </p>
          <div className="mt-8 flex flex-wrap gap-3">
            <Link to="/sign-up" className="btn-primary min-h-12 px-6">
              {strings.signUp}
            </Link>
            <Link to="/sign-in" className="btn-outline min-h-12 px-6">
              {strings.haveOne}
            </Link>
          </div>
        </div>
        <ul className="grid gap-4 md:grid-cols-3">
          {POINTS.map(({ icon: Icon, point }) => (
            <li key={point} className="glass-panel p-5">
              <span className="mb-4 grid size-11 place-items-center rounded-xl border border-line bg-linear-to-br from-cyan-500/25 to-pink-500/25">
                <Icon aria-hidden="true" className="size-5.5 text-accent" />
              </span>
              <h2 className="text-lg font-bold">{strings.points[point][0]}</h2>
              <p className="mt-1 text-quiet">{strings.points[point][1]}</p>
            </li>
          ))}
        </ul>
      </main>
      <footer className="flex flex-wrap justify-between gap-x-6 gap-y-2 py-6 text-xs text-quiet">
        <span>{strings.licence}</span>
        <a href="/about" className="link">
          {strings.element}
        </a>
      </footer>
    </div>
  );
}
