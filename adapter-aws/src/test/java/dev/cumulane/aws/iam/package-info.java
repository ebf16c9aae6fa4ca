// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** An evaluator of IAM policies: whether the roles of the template may do what the functions do, and no more. */
@NullMarked
package dev.cumulane.aws.iam;

import org.jspecify.annotations.NullMarked;
