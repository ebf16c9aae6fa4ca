// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** What people are told of runs, and how Slack, Microsoft Teams and other services want to hear it. */
@NullMarked
package dev.cumulane.internal.notice;

import org.jspecify.annotations.NullMarked;
