// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** What every cloud's end-to-end tests have in common: a team with its repository, its forge, its chat and its people. */
@NullMarked
package dev.cumulane.endtoend;

import org.jspecify.annotations.NullMarked;
