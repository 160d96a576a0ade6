package com.esperr.gateway.net;

import java.util.List;

/** The header lines of one request as the address rules see them: whoever owns the request implements it with one method reference. */
@FunctionalInterface
public interface HeaderValues {

    /** The values of every line of that name, in order of arrival, or an empty list. */
    List<String> all(String lowerCaseName);
}
