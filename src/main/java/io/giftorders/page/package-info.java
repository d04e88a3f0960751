/** What people see: the pages and their files, and how one signs in on them. Knows no feature: the pages use the API's calls. */
@NullMarked
package io.giftorders.page;

import org.jspecify.annotations.NullMarked;
