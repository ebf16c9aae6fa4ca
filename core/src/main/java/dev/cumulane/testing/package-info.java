// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** Whole pipelines under JUnit, offline and in virtual time. */
@NullMarked
package dev.cumulane.testing;

import org.jspecify.annotations.NullMarked;
