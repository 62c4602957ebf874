// The moderators' page: one question is current, keys act on it, and nothing that comes takes the place away.
//
//   main[data-user][data-editor]     who we are
//
// Each noun has its module: the queue, who reads what, what is done, what is written, what is
// selected, what is signalled, the keys. Without scripts
// the same buttons and links load the page again.

import "./inbox-leases.js";
import "./inbox-signals.js";
import "./inbox-keys.js";
import { update } from "./inbox-queue.js";

update();
