"""Run by itself, in the environment of an api-server: whom FAB lets in with a name and a password, by each authority."""

import sys

if __name__ == "__main__":
    from airflow.api_fastapi.app import create_auth_manager
    from airflow.providers.fab.www.app import create_app

    name, password, *authorities = sys.argv[1:]
    manager = create_auth_manager()
    manager.init()
    manager.flask_app = create_app(enable_plugins=False)
    for authority in authorities:
        manager.flask_app.config["AUTH_LDAP_TLS_CACERTFILE"] = authority
        with manager.flask_app.app_context():
            user = manager.create_token({}, {"username": name, "password": password})
        print(f"\nlet in: {user.username if user else 'nobody'}")
