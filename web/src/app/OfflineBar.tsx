// SPDX-License-Identifier: AGPL-3.0-or-later
import { useQueryClient } from "@tanstack/react-query";
import { CloudOff } from "lucide-react";
import { useEffect, useState } from "react";

/** Says that there is no connection; what was fetched before can still be read. */
export function OfflineBar() {
  const client = useQueryClient();
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const look = () => {
      setOnline(navigator.onLine);
      if (navigator.onLine) void client.invalidateQueries();
    };
    addEventListener("online", look);
    addEventListener("offline", look);
    return () => {
      removeEventListener("online", look);
      removeEventListener("offline", look);
    };
  }, [client]);
  return (
    <div role="status" className="px-3 empty:hidden md:px-2">
      {!online && (
        <p className="glass-subtle mx-auto flex max-w-4xl items-center gap-2.5 px-4 py-2.5 text-sm font-medium">
          <CloudOff aria-hidden="true" className="size-4.5 shrink-0 text-bad" />
          You are offline. What you see may be old; everything is fetched anew once you are back.
        </p>
      )}
    </div>
  );
}
