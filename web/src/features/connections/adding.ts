// SPDX-License-Identifier: AGPL-3.0-or-later
// Whether somebody is being asked for; shortcuts and the switcher open the window too.
import { create } from "zustand";

export const useAdding = create<{ open: boolean }>(() => ({ open: false }));
