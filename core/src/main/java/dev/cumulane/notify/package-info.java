// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** Who is notified of what happens in runs: channels of Slack and Microsoft Teams, and webhooks. */
@NullMarked
package dev.cumulane.notify;

import org.jspecify.annotations.NullMarked;
