// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** What lets a work order without credentials ask for signed requests: its ticket, and the desk of ingress that takes it. */
@NullMarked
package dev.cumulane.internal.ticket;

import org.jspecify.annotations.NullMarked;
