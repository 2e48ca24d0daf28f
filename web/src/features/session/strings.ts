// SPDX-License-Identifier: AGPL-3.0-or-later

export const strings = {
  signIn: "Sign in",
  signUp: "Create an account",
  name: "Name",
  nameHint: "The one you use in any Matrix app, for example alice",
  newNameHint: "Small letters, digits and . _ = / + - — it becomes your Matrix id",
  password: "Password",
  newPasswordHint: "At least 8 characters",
  repeat: "The same password again",
  repeatProblem: "The two passwords differ.",
  nameProblem: "Use small letters, digits and . _ = / + - only.",
  shortProblem: "Use at least 8 characters.",
  token: "Registration token",
  tokenHint: "Whoever invited you has one for you",
  forgot: "Forgotten your password?",
  newHere: "New here?",
  have: "Have an account already?",
  closedTitle: "Accounts are made by the operator",
  closedText: "This community does not take sign-ups. Ask whoever runs it for an account.",
  forgotTitle: "Forgotten your password",
  forgotText:
    "This server sends no e-mail, so a password cannot be reset by a link. Whoever runs the server can set a new one for you in a moment:",
  forgotSteps: [
    "Write to the operator, by whatever way you know them.",
    "They give your account a new password.",
    "Sign in with it, then change it in your Matrix app.",
  ],
  forgotElsewhere: "Still signed in somewhere, for example in Element? You can change it there yourself.",
  back: "Back to sign in",
  slow: (time: string) => `Too many tries. Wait ${time}, then try again.`,
} as const;
