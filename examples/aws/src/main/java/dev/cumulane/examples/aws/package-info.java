// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** The examples as functions of AWS. */
@NullMarked
package dev.cumulane.examples.aws;

import org.jspecify.annotations.NullMarked;
