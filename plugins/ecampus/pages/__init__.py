"""What people see in Airflow: one router, one template and one pure view a page. Only reads; names stay in the page.

Reading order: site (what the pages are given), page (what a route is given: the header, the look-up that is logged),
nights (what a night left in the store), then a file a page, app (all of them, closed), access (Airflow).
"""
