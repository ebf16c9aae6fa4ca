// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** Logs of work on this machine. */
@NullMarked
package dev.cumulane.local.logs;

import org.jspecify.annotations.NullMarked;
