// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** What the stores ask of a file system, so that a test can lose what was not forced. */
@NullMarked
package dev.cumulane.local.disk;

import org.jspecify.annotations.NullMarked;
