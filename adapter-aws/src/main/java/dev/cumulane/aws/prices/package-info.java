// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** The price list of the AWS cloud. */
@NullMarked
package dev.cumulane.aws.prices;

import org.jspecify.annotations.NullMarked;
