// SPDX-License-Identifier: AGPL-3.0-or-later
// The API's models under the names the app uses; made from the generated description.
import type { Camel } from "@/lib/case";
import type { components } from "@/lib/schema";

type Schemas = components["schemas"];

export type Person = Camel<Schemas["PersonModel"]>;
export type Session = Camel<Schemas["SessionModel"]>;
export type Registration = Camel<Schemas["RegistrationModel"]>;
export type Friend = Camel<Schemas["FriendModel"]>;
export type FriendPage = Camel<Schemas["FriendPage"]>;
export type FriendRequest = Camel<Schemas["RequestModel"]>;
/** A request with who is at the other end, of whom a name will do. */
export type WaitingRequest = Camel<Schemas["RequestModel"]> & { person: Camel<Schemas["PersonModel"]> };
export type RequestPage = Camel<Schemas["RequestPage"]>;
export type Relationship = Camel<Schemas["RelationshipModel"]>;
export type TiedPerson = Camel<Schemas["TiedModel"]>;
export type TiedPage = Camel<Schemas["TiedPage"]>;
export type Settings = Camel<Schemas["SettingsModel"]>;
export type Room = Camel<Schemas["RoomModel"]>;
export type Forum = Camel<Schemas["ForumModel"]>;
export type ForumsPage = Camel<Schemas["ForumsPage"]>;
export type Member = Camel<Schemas["MemberModel"]>;
export type MembersPage = Camel<Schemas["MembersPage"]>;
export type Conversation = Camel<Schemas["ConversationModel"]>;
export type InboxEntry = Camel<Schemas["InboxEntryModel"]>;
export type InboxPage = Camel<Schemas["InboxPage"]>;
export type QuickReply = Camel<Schemas["QuickReplyModel"]>;
export type QuickReplies = Camel<Schemas["QuickReplyList"]>;
export type Profile = Camel<Schemas["ProfileModel"]>;
export type OwnProfile = NonNullable<Profile["mine"]>;
export type Interest = NonNullable<Profile["searchInterests"]>[number];
export type Location = NonNullable<Profile["location"]>;
export type Card = NonNullable<Profile["showcase"]>[number];
export type ActivityPage = Camel<Schemas["ActivityPage"]>;
export type Activity = ActivityPage["activity"][number];
export type FoundPlace = Camel<Schemas["PlaceList"]>["places"][number];
export type Facets = Camel<Schemas["FacetsModel"]>;
export type FoundPage = Camel<Schemas["FoundMessagesModel"]>;
export type FoundRoom = FoundPage["rooms"][number];
export type SearchPage = Camel<Schemas["SearchPage"]>;
export type FoundPerson = SearchPage["people"][number];
export type SuggestionPage = Camel<Schemas["SuggestionPage"]>;
export type Suggested = SuggestionPage["people"][number];
export type Listing = Camel<Schemas["ListingModel"]>;
export type ListingCard = Camel<Schemas["ListingCard"]>;
export type ListingsPage = Camel<Schemas["ListingsPage"]>;
export type ListingStatus = Schemas["ListingStatus"];
export type SavedSearch = Camel<Schemas["SearchModel"]>;
export type SavedSearches = Camel<Schemas["SearchList"]>;
export type Archive = Camel<Schemas["ExportModel"]>;
export type Archives = Camel<Schemas["ExportsModel"]>;
export type Erasure = Camel<Schemas["ErasureModel"]>;
export type ErasureBegun = Camel<Schemas["ErasureBegun"]>;
export type Proof = Camel<Schemas["ProofModel"]>;
