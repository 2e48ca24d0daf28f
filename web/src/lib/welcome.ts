// SPDX-License-Identifier: AGPL-3.0-or-later
// Whether somebody new is being shown round; the sign-up opens it, one's own page opens it again.
import { create } from "zustand";

export const useWelcome = create<{ open: boolean }>(() => ({ open: false }));

export const openWelcome = (): void => useWelcome.setState({ open: true });
export const closeWelcome = (): void => useWelcome.setState({ open: false });
