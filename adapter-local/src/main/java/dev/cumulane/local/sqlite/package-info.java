// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** A SQLite file with one writer, group commit and a check when it is opened. */
@NullMarked
package dev.cumulane.local.sqlite;

import org.jspecify.annotations.NullMarked;
