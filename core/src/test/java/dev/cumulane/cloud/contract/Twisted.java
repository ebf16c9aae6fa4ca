// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** Makes a wrong port of a right one: one of its methods does something else. */
public final class Twisted {
    /** What the wrong method does. */
    @FunctionalInterface
    public interface Method<P> {
        /**
         * Does it.
         *
         * @param right the right port
         * @param arguments the call's arguments
         * @return what the call returns; {@code NOTHING} for none
         */
        Object call(P right, Object[] arguments);
    }

    /** What a method without a result returns. */
    public static final Object NOTHING = new Object();

    private Twisted() {}

    /**
     * A wrong port.
     *
     * @param port its interface
     * @param right the right one
     * @param method the wrong method, as its name and number of parameters: {@code read/1}
     * @param wrong what it does
     */
    public static <P> P of(Class<P> port, P right, String method, Method<P> wrong) {
        return port.cast(Proxy.newProxyInstance(
                port.getClassLoader(), new Class<?>[] {port}, (proxy, called, given) -> {
                    Object[] arguments = given == null ? new Object[0] : given;
                    if (method.equals(called.getName() + "/" + arguments.length)) {
                        Object result = wrong.call(right, arguments);
                        return result == NOTHING ? null : result;
                    }
                    try {
                        return called.invoke(right, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                    }
                }));
    }
}
