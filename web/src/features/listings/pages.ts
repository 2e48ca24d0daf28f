// SPDX-License-Identifier: AGPL-3.0-or-later
// The pages of this feature, loaded together.
import "@/features/listings/listings.css";

export { EditListingPage, NewListingPage } from "@/features/listings/components/EditPages";
export { ListingPage } from "@/features/listings/components/ListingPage";
export { ListingsPage } from "@/features/listings/components/ListingsPage";
export { SavedPage } from "@/features/listings/components/SavedPage";
