// SPDX-License-Identifier: AGPL-3.0-or-later
import { Link } from "@tanstack/react-router";
import { HandHeart, type LucideIcon, MessagesSquare, ShieldCheck } from "lucide-react";
import { useEffect } from "react";

import { Brand } from "@/ui/Brand";

const POINTS: readonly { icon: LucideIcon; title: string; text: string }[] = [
  {
    icon: HandHeart,
    title: "Ask first",
    text: "A friend request with a short note. Declining is silent, so nobody has to explain.",
  },
  {
    icon: ShieldCheck,
    title: "Enforced, not promised",
    text: "The homeserver itself keeps strangers out of your messages, whichever app they use.",
  },
  {
    icon: MessagesSquare,
    title: "Your app, your server",
    text: "It is Matrix: use this page, Element or any other client, with people on any server.",
  },
];

/** The start page for whoever is not signed in. */
export default function WelcomePage() {
  useEffect(() => {
    document.title = "Kith · Friends first";
  }, []);
  return (
    <div className="mx-auto grid min-h-dvh max-w-6xl grid-rows-[auto_1fr_auto] px-5">
      <header className="flex items-center justify-between py-5">
        <Brand large />
        <nav aria-label="Main" className="flex items-center gap-4">
          <a href="/about" className="link hidden text-sm sm:inline">
            About this server
          </a>
          <Link to="/sign-in" className="btn-secondary">
            Sign in
          </Link>
        </nav>
      </header>
      <main id="content" className="grid content-center gap-12 py-10">
        <div className="rise max-w-3xl">
          <h1 className="text-[clamp(2.5rem,7vw,4.75rem)] leading-[1.02] font-extrabold tracking-tight">
            <span className="glow-text">Friends first.</span>
            <br />
            Messages after.
          </h1>
          <p className="mt-6 max-w-xl text-lg text-quiet">
            A calm place for people you know, and people you would like to know. Nobody lands in your
            inbox until you have said yes.
          </p>
          <div className="mt-8 flex flex-wrap gap-3">
            <Link to="/sign-up" className="btn-primary min-h-12 px-6">
              Create an account
            </Link>
            <Link to="/sign-in" className="btn-outline min-h-12 px-6">
              I have one
            </Link>
          </div>
        </div>
        <ul className="grid gap-4 md:grid-cols-3">
          {POINTS.map(({ icon: Icon, title, text }) => (
            <li key={title} className="glass-panel p-5">
              <span className="mb-4 grid size-11 place-items-center rounded-xl border border-line bg-linear-to-br from-cyan-500/25 to-pink-500/25">
                <Icon aria-hidden="true" className="size-5.5 text-accent" />
              </span>
              <h2 className="text-lg font-bold">{title}</h2>
              <p className="mt-1 text-quiet">{text}</p>
            </li>
          ))}
        </ul>
      </main>
      <footer className="flex flex-wrap justify-between gap-x-6 gap-y-2 py-6 text-xs text-quiet">
        <span>Kith is free software under the AGPL-3.0-or-later.</span>
        <a href="/about" className="link">
          Use it with Element, or build on it
        </a>
      </footer>
    </div>
  );
}
