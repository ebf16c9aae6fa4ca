// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** The secrets of the AWS cloud. */
@NullMarked
package dev.cumulane.aws.secrets;

import org.jspecify.annotations.NullMarked;
