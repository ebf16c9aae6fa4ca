// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.cumulane.examples.failing;

import org.jspecify.annotations.NullMarked;
