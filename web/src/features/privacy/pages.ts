// SPDX-License-Identifier: AGPL-3.0-or-later
// The pages of this feature, loaded together.
export { DataPage } from "@/features/privacy/components/DataPage";
export { ProofPage } from "@/features/privacy/components/ProofPage";
