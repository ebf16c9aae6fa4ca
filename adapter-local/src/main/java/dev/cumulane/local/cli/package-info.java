// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** The command line: commands, what they print, and what a mistake gets. Nothing outside this module should build on it. */
@NullMarked
package dev.cumulane.local.cli;

import org.jspecify.annotations.NullMarked;
