package com.esperr.gateway.http;

/** What the statuses that the gateway answers with are called, and what a visitor is told. Stateless. */
final class StatusText {

    private StatusText() {}

    /** The reason phrase of RFC 9110 15. */
    static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 204 -> "No Content";
            case 301 -> "Moved Permanently";
            case 302 -> "Found";
            case 303 -> "See Other";
            case 307 -> "Temporary Redirect";
            case 308 -> "Permanent Redirect";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 409 -> "Conflict";
            case 411 -> "Length Required";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 415 -> "Unsupported Media Type";
            case 417 -> "Expectation Failed";
            case 421 -> "Misdirected Request";
            case 422 -> "Unprocessable Content";
            case 426 -> "Upgrade Required";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            case 505 -> "HTTP Version Not Supported";
            case 508 -> "Loop Detected";
            default -> status < 500 ? "Request Refused" : "Request Failed";
        };
    }

    /** One sentence for whoever sees it; says nothing about what stands behind the gateway. */
    static String detail(int status) {
        return switch (status) {
            case 403 -> "This request was blocked.";
            case 404 -> "There is nothing here.";
            case 405 -> "This method is not served.";
            case 408 -> "The request did not arrive in time.";
            case 413 -> "The request is larger than this site takes.";
            case 414 -> "The address of this request is too long.";
            case 417 -> "The expectation of this request cannot be met.";
            case 429 -> "There were too many requests. Please wait a little and try again.";
            case 431 -> "The header of this request is too large; deleting this site's cookies may help.";
            case 501 -> "This kind of request is not served.";
            case 502 -> "The site did not answer properly. Please try again in a moment.";
            case 503 -> "The site is not available right now. Please try again in a moment.";
            case 504 -> "The site did not answer in time. Please try again in a moment.";
            case 505 -> "This version of HTTP is not served.";
            default -> status < 500 ? "This request could not be understood." : "Something went wrong on our side.";
        };
    }
}
