// SPDX-License-Identifier: AGPL-3.0-or-later

export const strings = {
  title: "Settings",
  privacy: "Privacy",
  appearance: "Appearance & keys",
  privacyLead: "Kept by the server, so they hold in Element and every other app too.",
  dm: "Who may bring you into a new conversation",
  dmText: "One-to-one messages always need a friendship as well. Conversations you have stay as they are.",
  dmOptions: [
    { value: "everyone", label: "Everyone", text: "Groups may invite you freely" },
    { value: "connections", label: "Friends", text: "Only people you have said yes to" },
    { value: "following", label: "People you follow", text: "And nobody else" },
    { value: "none", label: "Nobody", text: "You start every conversation yourself" },
  ],
  requests: "Who may send you friend requests",
  requestOptions: [
    { value: "everyone", label: "Everyone", text: "Anybody who knows your name" },
    { value: "shared_space", label: "People from your communities", text: "Whoever shares a place with you" },
    { value: "nobody", label: "Nobody", text: "You can still ask others" },
  ],
  auto: "Put strangers' requests away unseen",
  autoText: "Requests from people who share no community with you are declined silently.",
  list: "Who may see your friends",
  listOptions: [
    { value: "public", label: "Everybody signed in" },
    { value: "connections", label: "Your friends" },
    { value: "private", label: "Only you" },
  ],
  people: "People you follow, have muted or blocked",
  theme: "Theme",
  themeOptions: [
    { value: "system", label: "Like the system" },
    { value: "dark", label: "Dark" },
    { value: "light", label: "Light" },
  ],
  contrast: "Higher contrast",
  contrastText: "Solid surfaces, stronger text and edges. Also follows your system.",
  keys: "Single-key shortcuts",
  keysText: "Letters such as N and ? act at once, except while you write.",
  appearanceLead: "Remembered in this browser only.",
} as const;
