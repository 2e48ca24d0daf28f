// SPDX-License-Identifier: AGPL-3.0-or-later

interface Props {
  /** Of the field they are about. */
  id: string;
  hint?: string;
  /** What is wrong with what was entered. */
  problem?: string;
}

/** How a field says to a screen reader that it has these notes. */
export function noted({ id, hint, problem }: Props) {
  const told = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(" ");
  return { "aria-invalid": problem ? true : undefined, "aria-describedby": told || undefined } as const;
}

/** Below a field: what is meant by it, and what is wrong with what is in it. */
export function Notes({ id, hint, problem }: Props) {
  return (
    <>
      {hint && (
        <p id={`${id}-hint`} className="wrap-anywhere text-xs text-quiet">
          {hint}
        </p>
      )}
      {problem && (
        <p id={`${id}-problem`} className="text-sm font-medium text-bad">
          {problem}
        </p>
      )}
    </>
  );
}
